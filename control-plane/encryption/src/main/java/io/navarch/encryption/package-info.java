/// Values that are unreadable where they are stored: ciphers, their configuration, and the store that applies them.
///
/// Source: https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/
@NullMarked
package io.navarch.encryption;

import org.jspecify.annotations.NullMarked;
