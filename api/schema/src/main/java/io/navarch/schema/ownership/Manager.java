package io.navarch.schema.ownership;

/// Who writes: the manager's name, whether it applies or updates, the version it writes in, the subresource.
public record Manager(String name, String operation, String apiVersion, String subresource) {
    public static final String APPLY = "Apply";
    public static final String UPDATE = "Update";

    /// What tells managers apart. Whoever applies is the same manager whatever version it uses.
    ManagerId id() {
        return new ManagerId(name, operation, operation.equals(APPLY) ? "" : apiVersion, subresource);
    }
}
