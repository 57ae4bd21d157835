package io.navarch.apiserver.cache;

import java.util.List;

/// Changes in order, and the revision up to which a follower has now seen everything that concerns it.
///
/// @param ended the resource is no longer served, nothing will follow
public record Batch(List<Change> changes, long revision, boolean ended) {}
