/// Audit: which calls are written down, how much of each, and where to.
///
/// [io.navarch.apiserver.audit.AuditPolicy] decides, [io.navarch.apiserver.audit.AuditEvent] is what is written, an
/// [io.navarch.apiserver.audit.AuditLog] keeps it. Start with [io.navarch.apiserver.audit.Auditor].
@NullMarked
package io.navarch.apiserver.audit;

import org.jspecify.annotations.NullMarked;
