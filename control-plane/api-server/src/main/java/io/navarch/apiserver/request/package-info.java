/// One call: where it came from, what it asks for, in which form the answer is wanted, and the answer itself.
///
/// Answers nothing by itself and stores nothing. Start with [io.navarch.apiserver.request.ApiRequest].
@NullMarked
package io.navarch.apiserver.request;

import org.jspecify.annotations.NullMarked;
