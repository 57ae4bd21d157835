/// What is said of ValidatingAdmissionPolicies.
package io.navarch.controllers.admissionpolicystatus;
