/// StorageClass, and the plugin that gives claims the default one.
@NullMarked
package io.navarch.kinds.storageclass;

import org.jspecify.annotations.NullMarked;
