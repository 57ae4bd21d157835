/// What is said of ValidatingAdmissionPolicies.
@NullMarked
package io.navarch.controllers.admissionpolicystatus;

import org.jspecify.annotations.NullMarked;
