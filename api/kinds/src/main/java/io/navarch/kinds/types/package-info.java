/// Field types of the API: extracted from the official models while building, read lazily at run time
/// ([io.navarch.kinds.types.Types]), completed by what the models lack ([io.navarch.kinds.types.Overlay]).
@NullMarked
package io.navarch.kinds.types;

import org.jspecify.annotations.NullMarked;
