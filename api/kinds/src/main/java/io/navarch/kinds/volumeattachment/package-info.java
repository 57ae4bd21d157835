/// VolumeAttachment: which volume is attached to which node.
@NullMarked
package io.navarch.kinds.volumeattachment;

import org.jspecify.annotations.NullMarked;
