/// IPAddress: which address belongs to which Service.
@NullMarked
package io.navarch.kinds.ipaddress;

import org.jspecify.annotations.NullMarked;
