/// VolumeAttributesClass: properties of volumes that can be changed later.
@NullMarked
package io.navarch.kinds.volumeattributesclass;

import org.jspecify.annotations.NullMarked;
