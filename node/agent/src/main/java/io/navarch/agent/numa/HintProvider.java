package io.navarch.agent.numa;

import io.navarch.model.Container;
import io.navarch.model.Pod;
import java.util.List;

/// Who gives something of the machine to containers, and can say from which NUMA nodes it could come.
public interface HintProvider {
    /// A list for each resource that a container asks for, none when it asks for nothing.
    List<List<Hint>> hints(Pod pod, Container spec);

    /// The same for all that a pod's containers ask for together.
    List<List<Hint>> hints(Pod pod);

    /// Gives it to a container, unless it has it already.
    ///
    /// @param hint on which all agree
    void allocate(Pod pod, Container spec, Hint hint) throws AllocationException;

    /// A pod has nothing any more.
    void release(String uid);
}
