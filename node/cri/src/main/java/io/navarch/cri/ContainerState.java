package io.navarch.cri;

/// `CREATED` → `RUNNING` → `EXITED`; `UNKNOWN` when the runtime has lost track of the process.
public enum ContainerState {
    CREATED,
    RUNNING,
    EXITED,
    UNKNOWN
}
