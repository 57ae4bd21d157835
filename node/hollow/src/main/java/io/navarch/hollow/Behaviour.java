package io.navarch.hollow;

import java.time.Duration;

/// How the pods of hollow nodes behave.
///
/// @param startLeast how long a pod takes until its containers start, at least
/// @param startMost and at most
/// @param run how long a pod runs that is to end
/// @param failures the share, from 0 to 1, of pods whose containers fail: at once, or when they would end
public record Behaviour(Duration startLeast, Duration startMost, Duration run, double failures) {}
