/// Services: definition, defaults and rules, the admission that gives them addresses and ports, and in
/// [io.navarch.kinds.service.Services] what their fields mean.
@NullMarked
package io.navarch.kinds.service;

import org.jspecify.annotations.NullMarked;
