# The estimates and standard errors of record.json (leader_scores, leaders-2022),
# from data.csv, by the package survey.
# In their folder: Rscript reproduce.R; it writes estimates_r.csv.
suppressPackageStartupMessages(library(survey))
if (!l10n_info()[["UTF-8"]]) stop("run R in a UTF-8 locale: names are in Vietnamese")
options(survey.lonely.psu = "fail", digits = 15)

surveys <- list("survey" = list("file" = "data.csv",
    "items" = c("L2.1", "L2.2", "L2.3", "L2.4", "L4.1", "L4.2", "L4.3", "L4.4", "L5.1", "L5.2", "L5.3", "L5.4", "L5.5", "L5.6", "L5.7", "L5.8", "L5.9", "L6.1", "L6.2", "L6.3", "L6.4", "L7.1"),
    "reversed" = character(0),
    "ends" = 6,
    "scores" = c("1" = 0.0, "2" = 25.0, "3" = 50.0, "4" = 75.0, "5" = 100.0),
    "indices" = list("L2.1" = c("L2.1" = 1.0),
      "L2.2" = c("L2.2" = 1.0),
      "L2.3" = c("L2.3" = 1.0),
      "L2.4" = c("L2.4" = 1.0),
      "L4.1" = c("L4.1" = 1.0),
      "L4.2" = c("L4.2" = 1.0),
      "L4.3" = c("L4.3" = 1.0),
      "L4.4" = c("L4.4" = 1.0),
      "L5.1" = c("L5.1" = 1.0),
      "L5.2" = c("L5.2" = 1.0),
      "L5.3" = c("L5.3" = 1.0),
      "L5.4" = c("L5.4" = 1.0),
      "L5.5" = c("L5.5" = 1.0),
      "L5.6" = c("L5.6" = 1.0),
      "L5.7" = c("L5.7" = 1.0),
      "L5.8" = c("L5.8" = 1.0),
      "L5.9" = c("L5.9" = 1.0),
      "L6.1" = c("L6.1" = 1.0),
      "L6.2" = c("L6.2" = 1.0),
      "L6.3" = c("L6.3" = 1.0),
      "L6.4" = c("L6.4" = 1.0),
      "L7.1" = c("L7.1" = 1.0),
      "D2" = c("L2.1" = 0.25, "L2.2" = 0.25, "L2.3" = 0.25, "L2.4" = 0.25),
      "D4" = c("L4.1" = 0.25, "L4.2" = 0.25, "L4.3" = 0.25, "L4.4" = 0.25),
      "D5" = c("L5.1" = 0.1111111111111111, "L5.2" = 0.1111111111111111, "L5.3" = 0.1111111111111111, "L5.4" = 0.1111111111111111, "L5.5" = 0.1111111111111111, "L5.6" = 0.1111111111111111, "L5.7" = 0.1111111111111111, "L5.8" = 0.1111111111111111, "L5.9" = 0.1111111111111111),
      "D6" = c("L6.1" = 0.25, "L6.2" = 0.25, "L6.3" = 0.25, "L6.4" = 0.25),
      "D7" = c("L7.1" = 1.0),
      "total" = c("L2.1" = 0.045454545454545456, "L2.2" = 0.045454545454545456, "L2.3" = 0.045454545454545456, "L2.4" = 0.045454545454545456, "L4.1" = 0.045454545454545456, "L4.2" = 0.045454545454545456, "L4.3" = 0.045454545454545456, "L4.4" = 0.045454545454545456, "L5.1" = 0.045454545454545456, "L5.2" = 0.045454545454545456, "L5.3" = 0.045454545454545456, "L5.4" = 0.045454545454545456, "L5.5" = 0.045454545454545456, "L5.6" = 0.045454545454545456, "L5.7" = 0.045454545454545456, "L5.8" = 0.045454545454545456, "L5.9" = 0.045454545454545456, "L6.1" = 0.045454545454545456, "L6.2" = 0.045454545454545456, "L6.3" = 0.045454545454545456, "L6.4" = 0.045454545454545456, "L7.1" = 0.045454545454545456)),
    "group_weights" = list("L2.1" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L2.2" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L2.3" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L2.4" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L4.1" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L4.2" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L4.3" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L4.4" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L5.1" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L5.2" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L5.3" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L5.4" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L5.5" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L5.6" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L5.7" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L5.8" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L5.9" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L6.1" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L6.2" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L6.3" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L6.4" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4),
      "L7.1" = c("hdnd" = 0.25, "huyen" = 0.05, "phong" = 0.3, "so" = 0.4)),
    "strata" = c("group"),
    "psu" = character(0),
    "weights" = NULL,
    "fpc" = c("design_sent"),
    "nest" = FALSE,
    "certainty" = NULL))
parts <- list("index" = list("signs" = c("survey" = 1.0),
    "codes" = c("L2.1", "L2.2", "L2.3", "L2.4", "L4.1", "L4.2", "L4.3", "L4.4", "L5.1", "L5.2", "L5.3", "L5.4", "L5.5", "L5.6", "L5.7", "L5.8", "L5.9", "L6.1", "L6.2", "L6.3", "L6.4", "L7.1", "D2", "D4", "D5", "D6", "D7", "total")))
listwise <- FALSE
group_labels <- c("L2.1 | hdnd", "L2.1 | huyen", "L2.1 | phong", "L2.1 | so", "L2.2 | hdnd", "L2.2 | huyen", "L2.2 | phong", "L2.2 | so", "L2.3 | hdnd", "L2.3 | huyen", "L2.3 | phong", "L2.3 | so", "L2.4 | hdnd", "L2.4 | huyen", "L2.4 | phong", "L2.4 | so", "L4.1 | hdnd", "L4.1 | huyen", "L4.1 | phong", "L4.1 | so", "L4.2 | hdnd", "L4.2 | huyen", "L4.2 | phong", "L4.2 | so", "L4.3 | hdnd", "L4.3 | huyen", "L4.3 | phong", "L4.3 | so", "L4.4 | hdnd", "L4.4 | huyen", "L4.4 | phong", "L4.4 | so", "L5.1 | hdnd", "L5.1 | huyen", "L5.1 | phong", "L5.1 | so", "L5.2 | hdnd", "L5.2 | huyen", "L5.2 | phong", "L5.2 | so", "L5.3 | hdnd", "L5.3 | huyen", "L5.3 | phong", "L5.3 | so", "L5.4 | hdnd", "L5.4 | huyen", "L5.4 | phong", "L5.4 | so", "L5.5 | hdnd", "L5.5 | huyen", "L5.5 | phong", "L5.5 | so", "L5.6 | hdnd", "L5.6 | huyen", "L5.6 | phong", "L5.6 | so", "L5.7 | hdnd", "L5.7 | huyen", "L5.7 | phong", "L5.7 | so", "L5.8 | hdnd", "L5.8 | huyen", "L5.8 | phong", "L5.8 | so", "L5.9 | hdnd", "L5.9 | huyen", "L5.9 | phong", "L5.9 | so", "L6.1 | hdnd", "L6.1 | huyen", "L6.1 | phong", "L6.1 | so", "L6.2 | hdnd", "L6.2 | huyen", "L6.2 | phong", "L6.2 | so", "L6.3 | hdnd", "L6.3 | huyen", "L6.3 | phong", "L6.3 | so", "L6.4 | hdnd", "L6.4 | huyen", "L6.4 | phong", "L6.4 | so", "L7.1 | hdnd", "L7.1 | huyen", "L7.1 | phong", "L7.1 | so", "D2 | hdnd", "D2 | huyen", "D2 | phong", "D2 | so", "D4 | hdnd", "D4 | huyen", "D4 | phong", "D4 | so", "D5 | hdnd", "D5 | huyen", "D5 | phong", "D5 | so", "D6 | hdnd", "D6 | huyen", "D6 | phong", "D6 | so", "D7 | hdnd", "D7 | huyen", "D7 | phong", "D7 | so", "total | hdnd", "total | huyen", "total | phong", "total | so")

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
