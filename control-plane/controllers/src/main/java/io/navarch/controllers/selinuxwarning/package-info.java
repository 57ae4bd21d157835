/// Pods that cannot share a volume on one node because of their SELinux labels.
package io.navarch.controllers.selinuxwarning;
