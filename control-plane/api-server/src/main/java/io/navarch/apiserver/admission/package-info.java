/// The port through which others are asked about calls at run time: webhooks and policies, which objects of the API
/// name. What is asked is here, whom and how is not.
///
/// Start with [io.navarch.apiserver.admission.DynamicAdmission].
@NullMarked
package io.navarch.apiserver.admission;

import org.jspecify.annotations.NullMarked;
