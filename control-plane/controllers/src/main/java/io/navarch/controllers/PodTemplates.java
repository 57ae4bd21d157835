package io.navarch.controllers;

import io.navarch.model.ApiObject;
import io.navarch.model.Pod;
import io.navarch.model.PodTemplateSpec;
import io.navarch.objects.ResourceType;

/// Pods made of templates.
public final class PodTemplates {
    private PodTemplates() {}

    /// A pod of a template, to be created under a generated name.
    public static Pod.Builder pod(PodTemplateSpec template, ApiObject owner, ResourceType<?> ownerType) {
        var from = template.metadata();
        return Pod.builder()
                .metadata(metadata -> {
                    metadata.generateName(owner.name() + "-")
                            .namespace(owner.namespace())
                            .addOwnerReferences(OwnerReferences.of(owner, ownerType));
                    if (from.hasLabels()) metadata.labels(from.labels());
                    if (from.hasAnnotations()) metadata.annotations(from.annotations());
                    if (from.hasFinalizers()) metadata.finalizers(from.finalizers());
                })
                .spec(template.spec());
    }
}
