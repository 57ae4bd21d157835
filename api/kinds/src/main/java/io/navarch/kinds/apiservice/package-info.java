/// APIService: who serves a group and version of the API. Those of this server itself are available at once.
@NullMarked
package io.navarch.kinds.apiservice;

import org.jspecify.annotations.NullMarked;
