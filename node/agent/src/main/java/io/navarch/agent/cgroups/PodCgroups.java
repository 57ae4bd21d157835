package io.navarch.agent.cgroups;

import io.navarch.agent.decide.CgroupLimits;
import io.navarch.agent.decide.PodCgroup;
import io.navarch.agent.decide.Reservation;
import io.navarch.agent.decide.ResourceConfig;
import io.navarch.model.Pod;
import io.navarch.model.PodQosClass;
import io.navarch.objects.Quantity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The control groups of a node's pods: `kubepods` for all, one for each class, and in these one for each pod. The
/// runtime makes one for each container in it.
///
/// Source: https://kubernetes.io/docs/concepts/architecture/cgroups/
public final class PodCgroups {
    private static final Logger LOG = LoggerFactory.getLogger(PodCgroups.class);

    private static final List<PodQosClass> CLASSES =
            List.of(PodQosClass.BURSTABLE, PodQosClass.BEST_EFFORT, PodQosClass.GUARANTEED);

    private final Cgroups cgroups;
    private final ResourceConfig config;
    private final Map<String, Quantity> capacity;
    private final long mostProcesses;
    private final Predicate<String> ownCpus;
    /// The pods that have a group, by uid; guarded by the monitor.
    private final Map<String, Pod> prepared = new HashMap<>();
    /// What the burstable ones weighed last; guarded by the monitor.
    private CgroupLimits burstable = CgroupLimits.NONE;

    /// @param capacity of the node
    /// @param mostProcesses that the machine can have
    /// @param ownCpus whether any container of a pod of this uid has processors for itself
    public PodCgroups(
            Cgroups cgroups,
            ResourceConfig config,
            Map<String, Quantity> capacity,
            long mostProcesses,
            Predicate<String> ownCpus) {
        this.ownCpus = ownCpus;
        this.cgroups = cgroups;
        this.config = config;
        this.capacity = capacity;
        this.mostProcesses = mostProcesses;
    }

    public String name(Pod pod) {
        return PodCgroup.of(config.cgroupRoot(), pod);
    }

    /// Sets what all pods together may take.
    public void limitAll() throws IOException {
        var reservation = config.reservation();
        // Without limits too: what a new group weighs is as little as one container.
        boolean enforced = reservation.enforces(Reservation.PODS);
        var amounts = enforced ? reservation.forPods(capacity) : capacity;
        long pids = enforced ? reservation.pids(mostProcesses) : 0;
        cgroups.apply(PodCgroup.ofPods(config.cgroupRoot()), PodCgroup.ofAll(amounts, pids));
        cgroups.apply(PodCgroup.ofClass(config.cgroupRoot(), PodQosClass.BEST_EFFORT), PodCgroup.ofBestEffort());
    }

    /// Sets what those may take for whom the rest of the machine is reserved.
    ///
    /// @param name [Reservation#SYSTEM] or [Reservation#KUBE]
    public void limitReserved(String name) throws IOException {
        var reservation = config.reservation();
        var group = name.equals(Reservation.SYSTEM) ? reservation.systemCgroup() : reservation.kubeCgroup();
        if (!cgroups.exists(group)) throw new IOException("cgroup " + group + " does not exist");
        var amounts = reservation.enforced(name);
        long pids = amounts.getOrDefault(Reservation.PIDS, Quantity.ZERO).units();
        cgroups.apply(group, PodCgroup.ofAll(amounts, pids));
    }

    /// Makes a pod's group, or sets its limits anew.
    public synchronized void prepare(Pod pod) throws IOException {
        prepared.put(pod.uid(), pod);
        weigh();
        var limits = ownCpus.test(pod.uid())
                ? PodCgroup.limitsOfOwnCpus(pod, config.mostPids())
                : PodCgroup.limits(pod, config.mostPids());
        cgroups.apply(name(pod), limits);
    }

    /// Weighs the burstable pods against the others.
    private void weigh() throws IOException {
        var now = PodCgroup.ofBurstable(prepared.values());
        var group = PodCgroup.ofClass(config.cgroupRoot(), PodQosClass.BURSTABLE);
        if (now.equals(burstable) && cgroups.exists(group)) return;
        cgroups.apply(group, now);
        burstable = now;
    }

    /// Removes the group of a pod that is gone. What still runs in it should not.
    public void remove(Pod pod) {
        synchronized (this) {
            prepared.remove(pod.uid());
        }
        var name = name(pod);
        for (long process : cgroups.processes(name)) {
            LOG.info("process {} of pod {} has outlived it and is killed", process, pod.key());
            ProcessHandle.of(process).ifPresent(ProcessHandle::destroyForcibly);
        }
        tryRemove(name);
    }

    /// Brings all groups in line with what runs, and removes what is left of those of pods that do not run any more. A
    /// group in which something runs stays: it may be another node's on the same machine.
    ///
    /// @param running those that run, or may soon
    /// @param used the uids of these, and of all others of whom anything runs
    public void follow(Collection<Pod> running, Set<String> used) {
        try {
            if (!cgroups.exists(PodCgroup.ofPods(config.cgroupRoot()))) limitAll();
            synchronized (this) {
                prepared.clear();
                for (var pod : running) prepared.put(pod.uid(), pod);
                weigh();
            }
        } catch (IOException e) {
            LOG.warn("cgroups of pods: {}", e.getMessage());
        }
        for (var name : groups()) {
            var uid = PodCgroup.uid(name.substring(name.lastIndexOf('/') + 1));
            if (uid.filter(used::contains).isPresent()) continue;
            if (cgroups.processes(name).isEmpty()) tryRemove(name);
        }
    }

    private List<String> groups() {
        var names = new ArrayList<String>();
        for (var qos : CLASSES) {
            var parent = PodCgroup.ofClass(config.cgroupRoot(), qos);
            for (var child : cgroups.children(parent))
                if (PodCgroup.uid(child).isPresent()) names.add(parent + "/" + child);
        }
        return names;
    }

    private void tryRemove(String name) {
        try {
            cgroups.remove(name);
        } catch (IOException e) {
            // A process that has just been killed may not be gone yet: it is looked for again.
            LOG.debug("{}: {}", name, e.getMessage());
        }
    }
}
