/// Pods that cannot share a volume on one node because of their SELinux labels.
@NullMarked
package io.navarch.controllers.selinuxwarning;

import org.jspecify.annotations.NullMarked;
