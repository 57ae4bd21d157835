package io.navarch.controllers.podautoscaler;

import io.navarch.objects.ResourceType;

/// What an autoscaler scales.
///
/// @param replicas how many it is to have
/// @param current how many it has
/// @param selector of its pods, as text
public record ScaleTarget(ResourceType<?> type, int replicas, int current, String selector) {}
