package io.navarch.agent.act;

import io.navarch.agent.decide.PodAdmission;
import io.navarch.agent.volumes.PodFiles;
import io.navarch.model.Pod;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Timers;
import java.time.InstantSource;
import java.util.function.Function;

/// What the workers of a node share.
///
/// @param lookup a pod as the cache has it, absent when there is none
public record WorkerParts(
        Function<ObjectKey, Pod> lookup,
        PodAdmission admission,
        RuntimeCache cache,
        ContainerStart start,
        ContainerStop stop,
        PodReporter reporter,
        PodFiles files,
        Images images,
        PodEvents events,
        Probes.Factory probes,
        PodTasks tasks,
        Timers timers,
        InstantSource clock) {}
