/// Every namespace has a default ServiceAccount and the cluster's CA.
package io.navarch.controllers.serviceaccount;
