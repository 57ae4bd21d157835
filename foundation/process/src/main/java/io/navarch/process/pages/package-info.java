/// What every part of a cluster says of itself over HTTP, whoever carries it there: health, metrics, what runs and with
/// which options.
@NullMarked
package io.navarch.process.pages;

import org.jspecify.annotations.NullMarked;
