/// MutatingAdmissionPolicyBinding; its rules are in [io.navarch.kinds.validatingadmissionpolicy].
@NullMarked
package io.navarch.kinds.mutatingadmissionpolicybinding;

import org.jspecify.annotations.NullMarked;
