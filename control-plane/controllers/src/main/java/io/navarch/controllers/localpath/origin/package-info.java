/// What volumes begin with, by what the API says now.
@NullMarked
package io.navarch.controllers.localpath.origin;

import org.jspecify.annotations.NullMarked;
