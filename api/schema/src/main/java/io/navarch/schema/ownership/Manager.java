package io.navarch.schema.ownership;

/// Who writes: the manager's name, whether it applies or updates, the version it writes in, the subresource.
public record Manager(String name, String operation, String apiVersion, String subresource) {
    public static final String APPLY = "Apply";
    public static final String UPDATE = "Update";

    /// The identity of a manager. One that applies is the same in every version.
    ManagerId id() {
        return new ManagerId(name, operation, operation.equals(APPLY) ? "" : apiVersion, subresource);
    }
}
