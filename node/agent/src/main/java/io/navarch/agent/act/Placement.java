package io.navarch.agent.act;

import io.navarch.agent.decide.PodAdmission.Rejection;
import io.navarch.model.Pod;
import java.util.Optional;
import java.util.Set;

/// Where on the machine containers run, and what of it they have for themselves, as a port.
public interface Placement {
    /// @param cpus numbers of processors, `""` for all
    /// @param memory numbers of the NUMA nodes whose memory it has, `""` for all
    /// @param exclusive whether it has these processors for itself
    record Place(String cpus, String memory, boolean exclusive) {
        public static final Place ANYWHERE = new Place("", "", false);
    }

    /// Gives a new pod all that single containers have of the machine, devices too, unless that cannot be.
    Optional<Rejection> admit(Pod pod);

    /// Sees to it that a pod which came before this agent did has what it would get now.
    void resume(Pod pod);

    Place of(String uid, String container);

    /// Whether any container of a pod has processors for itself.
    boolean hasOwnCpus(String uid);

    /// Whether where containers run may change while they do.
    boolean moves();

    /// Why a pod cannot have another amount of a resource, `""` when it can.
    String fixed(Pod pod, String resource);

    /// A pod has nothing any more: it has ended, or is gone.
    void release(String uid);

    /// Takes away what others have than these.
    void keep(Set<String> uids);
}
