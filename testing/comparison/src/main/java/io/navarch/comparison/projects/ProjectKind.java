package io.navarch.comparison.projects;

import io.navarch.comparison.generate.Sample;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One version of a kind that a definition defines.
///
/// @param definition the CustomResourceDefinition as it is stored
record ProjectKind(View definition, View version) {
    static List<ProjectKind> of(View definition) {
        var result = new ArrayList<ProjectKind>();
        for (var version : definition.spec().get("versions").views())
            if (version.get("served").bool()) result.add(new ProjectKind(definition, version));
        return result;
    }

    String kind() {
        return definition.spec().get("names").get("kind").string();
    }

    String plural() {
        return definition.spec().get("names").get("plural").string();
    }

    String apiVersion() {
        return definition.spec().get("group").string() + "/"
                + version.get("name").string();
    }

    String qualified() {
        return apiVersion() + "/" + kind();
    }

    boolean namespaced() {
        return definition.spec().get("scope").string().equals("Namespaced");
    }

    View schema() {
        return version.get("schema").get("openAPIV3Schema");
    }

    String collection() {
        return "/apis/" + apiVersion() + (namespaced() ? "/namespaces/" + Sample.NAMESPACE : "") + "/" + plural();
    }

    /// An object of this kind, at the place where the comparison has its objects.
    Map<String, Object> placed(Map<String, Object> object) {
        var metadata = View.of(object.get("metadata")).map();
        if (metadata.isEmpty()) return object;
        if (namespaced()) metadata.put("namespace", Sample.NAMESPACE);
        else metadata.remove("namespace");
        return object;
    }
}
