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
