/// ValidatingWebhookConfiguration, and the rules that webhooks of both sorts share.
@NullMarked
package io.navarch.kinds.validatingwebhookconfiguration;

import org.jspecify.annotations.NullMarked;
