package io.navarch.model;

import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An object of whatever kind, of which only what all kinds have is read.
public final class AnyObject extends Structure implements ApiObject {
    public static final String METADATA = "metadata";

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
        return ObjectMeta.edit(Trees.child(tree, "metadata"));
    }

    public String apiVersion() {
        return string("apiVersion");
    }

    public String kind() {
        return string("kind");
    }

    @Override
    public ObjectMeta metadata() {
        return new ObjectMeta(field(METADATA));
    }
}
