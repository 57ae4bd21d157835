package io.navarch.objects;

import java.util.function.Function;

/// A resource as clients address it, and how one of its objects is read. Two of the same group, version and plural are
/// the same resource, however they are read.
///
/// @param <T> what reads an object
public record ResourceType<T extends Lens>(
        String group, String version, String plural, String kind, boolean namespaced, Function<View, T> lens) {

    /// A resource whose structure is not known while building, such as a custom one.
    public static ResourceType<View> untyped(
            String group, String version, String plural, String kind, boolean namespaced) {
        return new ResourceType<>(group, version, plural, kind, namespaced, Function.identity());
    }

    /// The same resource, read by the names of fields.
    public ResourceType<View> untyped() {
        return readAs(Function.identity());
    }

    /// The same resource, read as another structure.
    public <U extends Lens> ResourceType<U> readAs(Function<View, U> other) {
        return new ResourceType<>(group, version, plural, kind, namespaced, other);
    }

    public T read(View object) {
        return lens.apply(object);
    }

    /// What reading an object that is not there gives.
    public T absent() {
        return read(View.ABSENT);
    }

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /// The path of the collection, or of one object.
    public String path(String namespace, String name, String subresource) {
        var path = new StringBuilder(group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version);
        if (namespaced && !namespace.isEmpty()) path.append("/namespaces/").append(namespace);
        path.append('/').append(plural);
        if (!name.isEmpty()) path.append('/').append(name);
        if (!subresource.isEmpty()) path.append('/').append(subresource);
        return path.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResourceType<?> that
                && plural.equals(that.plural)
                && group.equals(that.group)
                && version.equals(that.version);
    }

    @Override
    public int hashCode() {
        return 31 * plural.hashCode() + group.hashCode();
    }

    @Override
    public String toString() {
        return group.isEmpty() ? plural : plural + "." + group;
    }
}
