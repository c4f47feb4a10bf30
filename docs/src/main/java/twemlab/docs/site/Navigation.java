package twemlab.docs.site;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import twemlab.docs.page.Page;

/// The pages in groups, as the site's side shows them.
record Navigation(Map<String, List<Page>> groups) {
  private record Group(String name, String prefix) {}

  /// The first whose prefix fits has the page; pages of other folders stay with what they tell of.
  private static final List<Group> GROUPS =
      List.of(
          new Group("Tour", "docs/tour/"),
          new Group("Build it", "docs/build/"),
          new Group("Exercises", "docs/exercises/"),
          new Group("Events", "docs/events/"),
          new Group("Decisions", "docs/adr/"),
          new Group("Results", "docs/results/"),
          new Group("Reference", "docs/"));

  static Navigation of(List<Page> pages) {
    Map<String, List<Page>> groups = new LinkedHashMap<>();
    List.of(
            "Twemlab",
            "Tour",
            "Build it",
            "Exercises",
            "Reference",
            "Events",
            "Results",
            "Decisions",
            "Further")
        .forEach(name -> groups.put(name, new ArrayList<>()));
    for (Page page : pages) {
      List<Page> group = groups.get(groupOf(page));
      group.add(isFront(page) ? 0 : group.size(), page);
    }
    groups.values().removeIf(List::isEmpty);
    return new Navigation(groups);
  }

  private static String groupOf(Page page) {
    if (!page.name().contains("/")) {
      return "Twemlab";
    }
    return GROUPS.stream()
        .filter(group -> page.name().startsWith(group.prefix()))
        .map(Group::name)
        .findFirst()
        .orElse("Further");
  }

  /// A folder's front page stands before its pages, whose folders have fronts of their own.
  private static boolean isFront(Page page) {
    return page.name().equals("README.md")
        || GROUPS.stream().anyMatch(group -> page.name().equals(group.prefix() + "README.md"));
  }

  /// The page before or after another one in its group.
  Optional<Page> neighbour(Page page, int step) {
    for (List<Page> group : groups.values()) {
      int at = group.indexOf(page);
      if (at >= 0 && at + step >= 0 && at + step < group.size()) {
        return Optional.of(group.get(at + step));
      }
    }
    return Optional.empty();
  }
}
