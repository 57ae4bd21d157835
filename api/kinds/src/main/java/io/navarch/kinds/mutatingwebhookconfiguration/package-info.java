/// MutatingWebhookConfiguration; its rules are in [io.navarch.kinds.validatingwebhookconfiguration].
@NullMarked
package io.navarch.kinds.mutatingwebhookconfiguration;

import org.jspecify.annotations.NullMarked;
