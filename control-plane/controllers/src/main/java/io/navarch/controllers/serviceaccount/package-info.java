/// Every namespace has a default ServiceAccount and the cluster's CA.
@NullMarked
package io.navarch.controllers.serviceaccount;

import org.jspecify.annotations.NullMarked;
