/// ValidatingAdmissionPolicy, and the rules that both sorts of policies and their bindings share.
@NullMarked
package io.navarch.kinds.validatingadmissionpolicy;

import org.jspecify.annotations.NullMarked;
