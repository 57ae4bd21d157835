/// ValidatingAdmissionPolicyBinding; its rules are in [io.navarch.kinds.validatingadmissionpolicy].
@NullMarked
package io.navarch.kinds.validatingadmissionpolicybinding;

import org.jspecify.annotations.NullMarked;
