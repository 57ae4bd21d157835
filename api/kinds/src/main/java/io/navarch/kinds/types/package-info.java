/// Field types of the API: extracted while building ([io.navarch.kinds.types.TypeExtractor]), read lazily at run time
/// ([io.navarch.kinds.types.Types]), completed by what the models lack ([io.navarch.kinds.types.ListOverlay]).
package io.navarch.kinds.types;
