/// CSIStorageCapacity: what is left of a storage class, by topology.
@NullMarked
package io.navarch.kinds.csistoragecapacity;

import org.jspecify.annotations.NullMarked;
