/// What the agent measures where it happens, under the kubelet's names.
@NullMarked
package io.navarch.agent.measure;

import org.jspecify.annotations.NullMarked;
