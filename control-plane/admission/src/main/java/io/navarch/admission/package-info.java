/// Whom the objects of the API name to be asked about calls: webhooks, which may change and refuse what is written.
/// Everything here is read from the server's own caches and is as new as they are; nothing is kept but what has been
/// compiled.
///
/// Start with [io.navarch.admission.ConfiguredAdmission], then [io.navarch.admission.CallRule].
@NullMarked
package io.navarch.admission;

import org.jspecify.annotations.NullMarked;
