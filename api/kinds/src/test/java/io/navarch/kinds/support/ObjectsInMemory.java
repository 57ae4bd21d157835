package io.navarch.kinds.support;

import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.admission.Admission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Objects that handlers look up.
public final class ObjectsInMemory implements Admission.Lookup {
    private final Map<String, View> objects = new LinkedHashMap<>();

    /// @param resource the plural
    public ObjectsInMemory with(String resource, String yaml) {
        var object = View.of(Yaml.parse(yaml));
        objects.put(resource + "/" + object.namespace() + "/" + object.name(), object);
        return this;
    }

    @Override
    public View get(String group, String resource, String namespace, String name) {
        return objects.getOrDefault(resource + "/" + namespace + "/" + name, View.ABSENT);
    }

    @Override
    public List<View> list(String group, String resource, String namespace) {
        var result = new ArrayList<View>();
        objects.forEach((key, object) -> {
            if (key.startsWith(resource + "/" + namespace)) result.add(object);
        });
        return result;
    }
}
