package io.navarch.apiserver.custom;

import io.navarch.model.ConditionStatus;
import io.navarch.model.CustomResourceDefinition;
import io.navarch.model.CustomResourceDefinitionCondition;
import io.navarch.model.CustomResourceDefinitionConditionType;
import io.navarch.model.CustomResourceDefinitionStatus;
import io.navarch.model.StatusCondition;
import io.navarch.objects.View;
import io.navarch.schema.ApiApproval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What a definition's status says of it: which names it has, whether it is served, how far its deletion is. Pure.
final class DefinitionStatus {
    /// How far a deletion is.
    enum Deletion {
        PENDING(ConditionStatus.TRUE, "InstanceDeletionInProgress", "CustomResource deletion is in progress"),
        COMPLETED(ConditionStatus.FALSE, "InstanceDeletionCompleted", "removed all instances"),
        NEVER_ESTABLISHED(ConditionStatus.FALSE, "NeverEstablished", "resource was never established"),
        OVERLAPPING(
                ConditionStatus.FALSE,
                "OverlappingBuiltInResource",
                "instances overlap with built-in resources in storage");

        private final ConditionStatus status;
        private final String reason;
        private final String message;

        Deletion(ConditionStatus status, String reason, String message) {
            this.status = status;
            this.reason = reason;
            this.message = message;
        }
    }

    private DefinitionStatus() {}

    static boolean is(CustomResourceDefinition definition, String type) {
        return StatusCondition.isTrue(definition.status().conditions(), type);
    }

    /// Whether the resources of a deleted definition are being deleted already.
    static boolean deletes(CustomResourceDefinition definition) {
        return StatusCondition.find(definition.status().conditions(), CustomResourceDefinitionConditionType.TERMINATING)
                .filter(condition -> condition.reason().equals(Deletion.PENDING.reason))
                .isPresent();
    }

    /// The status once its names have been looked at.
    static CustomResourceDefinitionStatus named(
            CustomResourceDefinition definition, NameClaims.Verdict names, Instant now) {
        var conditions = new ArrayList<>(definition.status().conditions());
        // As long as names are as they were accepted nothing is said of them again.
        var known = definition.spec().names().semanticEquals(definition.status().acceptedNames());
        if (!known || !is(definition, CustomResourceDefinitionConditionType.ESTABLISHED))
            names(definition, names, now, conditions);
        if (ApiApproval.guarded(definition.spec().group())) {
            var approval = ApiApproval.of(View.over(definition).annotation(ApiApproval.ANNOTATION));
            set(
                    conditions,
                    CustomResourceDefinitionConditionType.KUBERNETES_API_APPROVAL_POLICY_CONFORMANT,
                    approval.state() == ApiApproval.State.APPROVED ? ConditionStatus.TRUE : ConditionStatus.FALSE,
                    approval.state().reason(),
                    approval.message(),
                    now);
        }
        return definition.status().toBuilder()
                .conditions(conditions)
                .acceptedNames(names.accepted())
                .build();
    }

    private static void names(
            CustomResourceDefinition definition,
            NameClaims.Verdict names,
            Instant now,
            List<CustomResourceDefinitionCondition> conditions) {
        var conflict = names.conflict();
        set(
                conditions,
                CustomResourceDefinitionConditionType.NAMES_ACCEPTED,
                conflict.isEmpty() ? ConditionStatus.TRUE : ConditionStatus.FALSE,
                conflict.map(NameClaims.Conflict::reason).orElse("NoConflicts"),
                conflict.map(NameClaims.Conflict::message).orElse("no conflicts found"),
                now);
        // Once a resource is served it stays so.
        if (is(definition, CustomResourceDefinitionConditionType.ESTABLISHED)) return;
        boolean accepted = conflict.isEmpty();
        set(
                conditions,
                CustomResourceDefinitionConditionType.ESTABLISHED,
                accepted ? ConditionStatus.TRUE : ConditionStatus.FALSE,
                accepted ? "InitialNamesAccepted" : "NotAccepted",
                accepted ? "the initial names have been accepted" : "not all names are accepted",
                now);
    }

    /// The status of a definition that goes.
    static CustomResourceDefinitionStatus deleted(CustomResourceDefinition definition, Deletion how, Instant now) {
        var conditions = new ArrayList<>(definition.status().conditions());
        set(conditions, CustomResourceDefinitionConditionType.TERMINATING, how.status, how.reason, how.message, now);
        return definition.status().toBuilder().conditions(conditions).build();
    }

    private static void set(
            List<CustomResourceDefinitionCondition> conditions,
            String type,
            ConditionStatus status,
            String reason,
            String message,
            Instant now) {
        var since = StatusCondition.find(conditions, type)
                .filter(old -> old.status() == status)
                .flatMap(StatusCondition::lastTransitionTime)
                .orElse(now);
        var condition = CustomResourceDefinitionCondition.builder()
                .type(type)
                .status(status)
                .lastTransitionTime(since)
                .reason(reason)
                .message(message)
                .build();
        for (int i = 0; i < conditions.size(); i++) {
            if (!conditions.get(i).type().equals(type)) continue;
            conditions.set(i, condition);
            return;
        }
        conditions.add(condition);
    }
}
