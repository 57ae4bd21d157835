package io.navarch.model;

import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An object of whatever kind, of which only what all kinds have is read.
public final class AnyObject extends Structure implements ApiObject {
    public static final String API_VERSION = "apiVersion";
    public static final String KIND = "kind";
    public static final String METADATA = "metadata";
    /// Most kinds say here what is wanted, and in `status` what was observed.
    public static final String SPEC = "spec";

    public static final String STATUS = "status";
    /// The objects of a list.
    public static final String ITEMS = "items";

    public AnyObject(@Nullable Object tree) {
        super(tree);
    }

    public static AnyObject of(View view) {
        return new AnyObject(view.value());
    }

    /// A resource of which only the metadata matters.
    public static ResourceType<AnyObject> resource(
            String group, String version, String plural, String kind, boolean namespaced) {
        return new ResourceType<>(group, version, plural, kind, namespaced, AnyObject::of);
    }

    /// Changes the metadata of this very tree.
    public static ObjectMeta.Builder editMetadata(Map<String, Object> tree) {
        return ObjectMeta.edit(Trees.child(tree, METADATA));
    }

    public String apiVersion() {
        return string(API_VERSION);
    }

    public String kind() {
        return string(KIND);
    }

    @Override
    public ObjectMeta metadata() {
        return new ObjectMeta(field(METADATA));
    }
}
