/// What commands say of themselves: help, and what a shell can complete.
@NullMarked
package io.navarch.apps.usage;

import org.jspecify.annotations.NullMarked;
