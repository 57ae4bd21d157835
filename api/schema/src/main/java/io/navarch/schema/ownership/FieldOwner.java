package io.navarch.schema.ownership;

/// Who owns fields, a "field manager" in the API: its name, whether it applies or updates, the version it
/// writes in, the subresource.
public record FieldOwner(String name, String operation, String apiVersion, String subresource) {
    public static final String APPLY = "Apply";
    public static final String UPDATE = "Update";

    /// The identity of a manager. One that applies is the same in every version.
    FieldOwnerId id() {
        return new FieldOwnerId(name, operation, operation.equals(APPLY) ? "" : apiVersion, subresource);
    }
}
