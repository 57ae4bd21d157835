package io.navarch.controllers;

import io.navarch.model.LabelSelector;
import io.navarch.model.LabelSelectorRequirement;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A selector as the original's events show it: as Go prints the structure.
public final class GoSelectorText {
    private GoSelectorText() {}

    public static String of(LabelSelector selector) {
        if (!selector.exists()) return "nil";
        var labels = new TreeMap<>(selector.matchLabels())
                .entrySet().stream()
                        .map(label -> label.getKey() + ": " + label.getValue() + ",")
                        .collect(Collectors.joining());
        var expressions = selector.matchExpressions().stream()
                .map(GoSelectorText::requirement)
                .collect(Collectors.joining());
        return "&LabelSelector{MatchLabels:map[string]string{" + labels
                + "},MatchExpressions:[]LabelSelectorRequirement{" + expressions + "},}";
    }

    private static String requirement(LabelSelectorRequirement requirement) {
        return "LabelSelectorRequirement{Key:" + requirement.key() + ",Operator:"
                + requirement.operator().text() + ",Values:[" + String.join(" ", requirement.values()) + "],},";
    }
}
