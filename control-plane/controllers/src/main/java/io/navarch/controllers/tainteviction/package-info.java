/// Pods leave nodes whose taints they do not tolerate.
package io.navarch.controllers.tainteviction;
