# The estimates and standard errors of record.json (change, leaders-2021, leaders-2022),
# from data_before.csv, data_after.csv, by the package survey.
# In their folder: Rscript reproduce.R; it writes estimates_r.csv.
suppressPackageStartupMessages(library(survey))
if (!l10n_info()[["UTF-8"]]) stop("run R in a UTF-8 locale: names are in Vietnamese")
options(survey.lonely.psu = "fail", digits = 15)

surveys <- list("before" = list("file" = "data_before.csv",
    "items" = c("L2.1", "L2.2", "L2.3", "L2.4", "L4.1", "L4.3", "L4.4", "L5.1", "L5.2", "L5.6", "L5.7", "L5.8", "L5.9", "L6.1", "L6.2", "L6.3", "L6.4"),
    "reversed" = character(0),
    "ends" = 6,
    "scores" = c("1" = 0.0, "2" = 25.0, "3" = 50.0, "4" = 75.0, "5" = 100.0),
    "indices" = list("L2.1" = c("L2.1" = 1.0),
      "L2.2" = c("L2.2" = 1.0),
      "L2.3" = c("L2.3" = 1.0),
      "L2.4" = c("L2.4" = 1.0),
      "L4.1" = c("L4.1" = 1.0),
      "L4.3" = c("L4.3" = 1.0),
      "L4.4" = c("L4.4" = 1.0),
      "L5.1" = c("L5.1" = 1.0),
      "L5.2" = c("L5.2" = 1.0),
      "L5.6" = c("L5.6" = 1.0),
      "L5.7" = c("L5.7" = 1.0),
      "L5.8" = c("L5.8" = 1.0),
      "L5.9" = c("L5.9" = 1.0),
      "L6.1" = c("L6.1" = 1.0),
      "L6.2" = c("L6.2" = 1.0),
      "L6.3" = c("L6.3" = 1.0),
      "L6.4" = c("L6.4" = 1.0),
      "D2" = c("L2.1" = 0.25, "L2.2" = 0.25, "L2.3" = 0.25, "L2.4" = 0.25),
      "D4" = c("L4.1" = 0.3333333333333333, "L4.3" = 0.3333333333333333, "L4.4" = 0.3333333333333333),
      "D5" = c("L5.1" = 0.16666666666666666, "L5.2" = 0.16666666666666666, "L5.6" = 0.16666666666666666, "L5.7" = 0.16666666666666666, "L5.8" = 0.16666666666666666, "L5.9" = 0.16666666666666666),
      "D6" = c("L6.1" = 0.25, "L6.2" = 0.25, "L6.3" = 0.25, "L6.4" = 0.25),
      "total" = c("L2.1" = 0.058823529411764705, "L2.2" = 0.058823529411764705, "L2.3" = 0.058823529411764705, "L2.4" = 0.058823529411764705, "L4.1" = 0.058823529411764705, "L4.3" = 0.058823529411764705, "L4.4" = 0.058823529411764705, "L5.1" = 0.058823529411764705, "L5.2" = 0.058823529411764705, "L5.6" = 0.058823529411764705, "L5.7" = 0.058823529411764705, "L5.8" = 0.058823529411764705, "L5.9" = 0.058823529411764705, "L6.1" = 0.058823529411764705, "L6.2" = 0.058823529411764705, "L6.3" = 0.058823529411764705, "L6.4" = 0.058823529411764705)),
    "group_weights" = list("L2.1" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L2.2" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L2.3" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L2.4" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L4.1" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L4.3" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L4.4" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L5.1" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L5.2" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L5.6" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L5.7" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L5.8" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L5.9" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L6.1" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L6.2" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L6.3" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L6.4" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4)),
    "strata" = c("group"),
    "psu" = character(0),
    "weights" = NULL,
    "fpc" = character(0),
    "nest" = FALSE,
    "certainty" = NULL),
  "after" = list("file" = "data_after.csv",
    "items" = c("L2.1", "L2.2", "L2.3", "L2.4", "L4.1", "L4.3", "L4.4", "L5.1", "L5.2", "L5.6", "L5.7", "L5.8", "L5.9", "L6.1", "L6.2", "L6.3", "L6.4"),
    "reversed" = character(0),
    "ends" = 6,
    "scores" = c("1" = 0.0, "2" = 25.0, "3" = 50.0, "4" = 75.0, "5" = 100.0),
    "indices" = list("L2.1" = c("L2.1" = 1.0),
      "L2.2" = c("L2.2" = 1.0),
      "L2.3" = c("L2.3" = 1.0),
      "L2.4" = c("L2.4" = 1.0),
      "L4.1" = c("L4.1" = 1.0),
      "L4.3" = c("L4.3" = 1.0),
      "L4.4" = c("L4.4" = 1.0),
      "L5.1" = c("L5.1" = 1.0),
      "L5.2" = c("L5.2" = 1.0),
      "L5.6" = c("L5.6" = 1.0),
      "L5.7" = c("L5.7" = 1.0),
      "L5.8" = c("L5.8" = 1.0),
      "L5.9" = c("L5.9" = 1.0),
      "L6.1" = c("L6.1" = 1.0),
      "L6.2" = c("L6.2" = 1.0),
      "L6.3" = c("L6.3" = 1.0),
      "L6.4" = c("L6.4" = 1.0),
      "D2" = c("L2.1" = 0.25, "L2.2" = 0.25, "L2.3" = 0.25, "L2.4" = 0.25),
      "D4" = c("L4.1" = 0.3333333333333333, "L4.3" = 0.3333333333333333, "L4.4" = 0.3333333333333333),
      "D5" = c("L5.1" = 0.16666666666666666, "L5.2" = 0.16666666666666666, "L5.6" = 0.16666666666666666, "L5.7" = 0.16666666666666666, "L5.8" = 0.16666666666666666, "L5.9" = 0.16666666666666666),
      "D6" = c("L6.1" = 0.25, "L6.2" = 0.25, "L6.3" = 0.25, "L6.4" = 0.25),
      "total" = c("L2.1" = 0.058823529411764705, "L2.2" = 0.058823529411764705, "L2.3" = 0.058823529411764705, "L2.4" = 0.058823529411764705, "L4.1" = 0.058823529411764705, "L4.3" = 0.058823529411764705, "L4.4" = 0.058823529411764705, "L5.1" = 0.058823529411764705, "L5.2" = 0.058823529411764705, "L5.6" = 0.058823529411764705, "L5.7" = 0.058823529411764705, "L5.8" = 0.058823529411764705, "L5.9" = 0.058823529411764705, "L6.1" = 0.058823529411764705, "L6.2" = 0.058823529411764705, "L6.3" = 0.058823529411764705, "L6.4" = 0.058823529411764705)),
    "group_weights" = list("L2.1" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L2.2" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L2.3" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L2.4" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L4.1" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L4.3" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L4.4" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L5.1" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L5.2" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L5.6" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L5.7" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L5.8" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L5.9" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L6.1" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L6.2" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L6.3" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L6.4" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4)),
    "strata" = c("group"),
    "psu" = character(0),
    "weights" = NULL,
    "fpc" = c("design_sent"),
    "nest" = FALSE,
    "certainty" = NULL))
parts <- list("before" = list("signs" = c("before" = 1.0),
    "codes" = c("L2.1", "L2.2", "L2.3", "L2.4", "L4.1", "L4.3", "L4.4", "L5.1", "L5.2", "L5.6", "L5.7", "L5.8", "L5.9", "L6.1", "L6.2", "L6.3", "L6.4", "D2", "D4", "D5", "D6", "total")),
  "after" = list("signs" = c("after" = 1.0),
    "codes" = c("L2.1", "L2.2", "L2.3", "L2.4", "L4.1", "L4.3", "L4.4", "L5.1", "L5.2", "L5.6", "L5.7", "L5.8", "L5.9", "L6.1", "L6.2", "L6.3", "L6.4", "D2", "D4", "D5", "D6", "total")),
  "change" = list("signs" = c("before" = -1.0, "after" = 1.0),
    "codes" = c("L2.1", "L2.2", "L2.3", "L2.4", "L4.1", "L4.3", "L4.4", "L5.1", "L5.2", "L5.6", "L5.7", "L5.8", "L5.9", "L6.1", "L6.2", "L6.3", "L6.4", "D2", "D4", "D5", "D6", "total")))
listwise <- FALSE
group_labels <- character(0)

# Answers are read as text: names of places stay as written, and an empty cell is no answer.
read_answers <- function(file) {
  read.csv(file, colClasses = "character", na.strings = "", check.names = FALSE,
           encoding = "UTF-8")
}

# Score of every answer to the items of the index, per cent; NA where there is no answer.
scores_of <- function(d, survey) {
  answers <- sapply(survey$items, function(item) as.numeric(d[[item]]))
  for (item in survey$reversed) answers[, item] <- survey$ends - answers[, item]
  scores <- answers
  scores[] <- survey$scores[as.character(answers)]
  if (listwise) scores[!complete.cases(scores), ] <- NA
  scores
}

# Leaders who left an item blank are taken as not reached: those who answered it are a simple
# random sample of their group, n and n/N counted item by item (docs/decisions/0003).
item_design <- function(d, survey, item, scores) {
  answered <- !is.na(scores[, item])
  rows <- data.frame(group = d$group[answered], score = scores[answered, item])
  rows$weight <- if (is.null(survey$weights)) 1 else as.numeric(d[[survey$weights]][answered])
  if (length(survey$fpc) == 0) {
    return(svydesign(ids = ~1, strata = ~group, weights = ~weight, data = rows))
  }
  rows$sent <- as.numeric(d[[survey$fpc]][answered])
  svydesign(ids = ~1, strata = ~group, weights = ~weight, fpc = ~sent, data = rows)
}

# What each form adds to the mean of each item in its group: the squares of a column sum to the
# variance that the package gives (which is checked), the products of two to their covariance.
influence_of <- function(d, survey, scores) {
  made <- list()
  for (item in survey$items) {
    means <- svyby(~score, ~group, item_design(d, survey, item, scores), svymean)
    for (k in seq_len(nrow(means))) {
      use <- d$group == means$group[k] & !is.na(scores[, item])
      w <- if (is.null(survey$weights)) rep(1, nrow(d)) else as.numeric(d[[survey$weights]])
      n <- sum(use)
      left <- if (length(survey$fpc) == 0) 1 else 1 - n / as.numeric(d[[survey$fpc]][use][1])
      own <- ifelse(use, w * (scores[, item] - means$score[k]) / sum(w[use]), 0)
      own <- own * (if (left <= 0) 0 else sqrt(left * n / (n - 1)))
      stopifnot(isTRUE(all.equal(sqrt(sum(own^2)), means$se[k], tolerance = 1e-9)))
      made[[paste(item, means$group[k], sep = " | ")]] <- list(means$score[k], own)
    }
  }
  list(mean = sapply(made, `[[`, 1), own = sapply(made, `[[`, 2))
}

# Weights of the cells (item and group) in an index: of all groups together, or of one.
cells_of <- function(survey, code, group = NULL) {
  weights <- survey$indices[[code]]
  unlist(lapply(names(weights), function(item) {
    share <- if (is.null(group)) survey$group_weights[[item]] else setNames(1, group)
    share <- share[share != 0]
    setNames(weights[[item]] * share, paste(item, names(share), sep = " | "))
  }))
}

# Years share no forms that could be matched, so their variances add up.
summed <- function(part, label, signs, cells) {
  one <- lapply(names(signs), function(name) {
    own <- cells(surveys[[name]])
    found <- influences[[name]]
    if (!all(names(own) %in% names(found$mean))) return(c(NA, NA))
    spread <- found$own[, names(own), drop = FALSE] %*% own
    c(signs[[name]] * sum(own * found$mean[names(own)]), sum(spread^2))
  })
  total <- Reduce(`+`, one)
  data.frame(part = part, label = label, estimate = total[1], se = sqrt(total[2]),
             stringsAsFactors = FALSE)
}

influences <- lapply(surveys, function(survey) {
  d <- read_answers(survey$file)
  influence_of(d, survey, scores_of(d, survey))
})
made <- list()
for (part in names(parts)) for (code in parts[[part]]$codes) {
  made <- c(made, list(summed(part, code, parts[[part]]$signs, function(s) cells_of(s, code))))
}
for (cell in group_labels) {
  own <- strsplit(cell, " | ", fixed = TRUE)[[1]]
  made <- c(made, list(summed("groups", cell, c(survey = 1),
                              function(s) cells_of(s, own[1], own[2]))))
}
made <- do.call(rbind, made)

# Every number with fifteen digits, in UTF-8 whatever the locale.
cat(R.version.string, "with survey", as.character(packageVersion("survey")), "\n")
print(made, row.names = FALSE, digits = 10)
lines <- sprintf('%s,"%s",%.15g,%.15g', made$part, gsub('"', '""', made$label), made$estimate,
                 made$se)
writeLines(enc2utf8(c("part,label,estimate,se", lines)), "estimates_r.csv", useBytes = TRUE)
