package io.navarch.kinds.prioritylevelconfiguration;

import io.navarch.kinds.flowschema.FlowSchemaKind;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// PriorityLevelConfiguration.
public final class PriorityLevelConfigurationKind {
    private PriorityLevelConfigurationKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of(
                        "flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration", "prioritylevelconfigurations")
                .version(
                        "v1",
                        types.get("V1PriorityLevelConfiguration"),
                        Columns.NAME,
                        Columns.at("Type", "spec.type"),
                        Columns.text(
                                "NominalConcurrencyShares",
                                p -> orNone(p.spec().get("limited", "nominalConcurrencyShares"))),
                        Columns.text("Queues", p -> orNone(queuing(p).get("queues"))),
                        Columns.text("HandSize", p -> orNone(queuing(p).get("handSize"))),
                        Columns.text("QueueLengthLimit", p -> orNone(queuing(p).get("queueLengthLimit"))),
                        Columns.AGE)
                .clusterScoped()
                .withStatus()
                .withGeneration()
                .defaultedBy(PriorityLevelConfigurationKind::defaults)
                .statusRuledBy(FlowSchemaKind::conditions)
                .ruledBy(PriorityLevelConfigurationKind::check);
    }

    private static View queuing(View level) {
        return level.path("spec.limited.limitResponse.queuing");
    }

    private static String orNone(View number) {
        return number.exists() ? number.text() : "<none>";
    }

    private static void defaults(Map<String, Object> object) {
        var limited = View.of(object).spec().get("limited");
        if (limited.get("limitResponse", "type").string().equals("Queue")
                && limited.get("limitResponse", "queuing").isMap()) {
            Trees.putIfAbsent(object, 64L, "spec", "limited", "limitResponse", "queuing", "queues");
            Trees.putIfAbsent(object, 8L, "spec", "limited", "limitResponse", "queuing", "handSize");
            Trees.putIfAbsent(object, 50L, "spec", "limited", "limitResponse", "queuing", "queueLengthLimit");
        }
    }

    private static List<FieldError> check(View object, View old) {
        var check = new Check();
        var spec = object.spec();
        var type = spec.get("type").string();
        var limited = spec.get("limited");
        switch (type) {
            case "Exempt" -> {
                if (limited.exists())
                    check.add(FieldError.forbidden("spec.limited", "must be nil if the type is not Limited"));
                if (!object.name().equals("exempt"))
                    check.add(FieldError.invalid("spec.type", type, "type may not be 'Exempt' unless named 'exempt'"));
            }
            case "Limited" -> {
                if (spec.get("exempt").exists())
                    check.add(FieldError.forbidden("spec.exempt", "must be nil if the type is Limited"));
                if (!limited.exists())
                    check.add(FieldError.required("spec.limited", "must not be empty when type is Limited"));
                else limited(limited, check);
            }
            default -> check.add(FieldError.notSupported("spec.type", type, Set.of("Exempt", "Limited")));
        }
        return check.errors();
    }

    private static void limited(View limited, Check check) {
        var response = limited.get("limitResponse");
        var at = "spec.limited.limitResponse";
        switch (response.get("type").string()) {
            case "Reject" -> {
                if (response.get("queuing").exists())
                    check.add(FieldError.forbidden(
                            at + ".queuing", "must be nil if limited.limitResponse.type is not Limited"));
            }
            case "Queue" -> {
                var queuing = response.get("queuing");
                if (!queuing.exists())
                    check.add(FieldError.required(
                            at + ".queuing", "must not be empty if limited.limitResponse.type is Limited"));
                else queuing(queuing, at + ".queuing", check);
            }
            default ->
                check.add(FieldError.notSupported(
                        at + ".type", response.get("type").string(), Set.of("Queue", "Reject")));
        }
    }

    private static void queuing(View queuing, String at, Check check) {
        for (var field : List.of("queues", "handSize", "queueLengthLimit")) {
            if (queuing.get(field).longOr(1) <= 0)
                check.add(
                        FieldError.invalid(at + "." + field, queuing.get(field).value(), "must be positive"));
        }
        long hand = queuing.get("handSize").longOr(8);
        long queues = queuing.get("queues").longOr(64);
        if (queues > 10_000_000) {
            check.add(FieldError.invalid(at + ".queues", queues, "must not be greater than 10000000"));
        } else if (hand > queues) {
            check.add(FieldError.invalid(at + ".handSize", hand, "should not be greater than queues (" + queues + ")"));
        } else if (hand > 0 && hand * (Math.log(queues) / Math.log(2)) > 60) {
            long bits = (long) Math.ceil(hand * (Math.log(queues) / Math.log(2)));
            check.add(FieldError.invalid(
                    at + ".handSize",
                    hand,
                    "required entropy bits of deckSize " + queues + " and handSize " + hand
                            + " should not be greater than 60 (" + bits + ")"));
        }
    }
}
