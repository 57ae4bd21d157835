/// MutatingAdmissionPolicy; what it shares with validating policies is in
/// [io.navarch.kinds.validatingadmissionpolicy].
@NullMarked
package io.navarch.kinds.mutatingadmissionpolicy;

import org.jspecify.annotations.NullMarked;
