/// Pods leave devices whose taints their claims do not tolerate.
package io.navarch.controllers.devicetainteviction;
