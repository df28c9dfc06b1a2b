# One row a form: its survey, strata and units of every stage, weight, and the columns of domains.
# Units are named within their stratum where names start again there, and within the unit before.
design_rows <- function(name, survey, domains, apart) {
  d <- read_answers(survey$file)
  one <- rep("all", nrow(d))
  strata <- lapply(survey$strata, function(column) d[[column]])
  units <- lapply(survey$psu, function(column) d[[column]])
  if (length(strata) == 0) strata <- list(one)
  if (length(units) == 0) units <- list(as.character(seq_len(nrow(d))))
  if (!is.null(survey$certainty)) {     # a unit taken with certainty is a stratum of its own
    certain <- d[[survey$certainty]] == "TRUE"
    strata[[1]] <- ifelse(certain, paste(units[[1]], "(certainty)"), strata[[1]])
    units <- list(ifelse(certain, units[[2]], units[[1]]))
    strata <- strata[1]
  }
  if (apart) strata[[1]] <- paste(name, strata[[1]])
  if (survey$nest || apart) units[[1]] <- paste(strata[[1]], units[[1]], sep = " / ")
  for (k in seq_along(units)[-1]) units[[k]] <- paste(units[[k - 1]], units[[k]], sep = " / ")
  rows <- data.frame(survey = rep(name, nrow(d)), stringsAsFactors = FALSE)
  for (k in seq_along(strata)) rows[[paste0("stratum", k)]] <- strata[[k]]
  for (k in seq_along(units)) rows[[paste0("unit", k)]] <- units[[k]]
  for (k in seq_along(survey$fpc)) rows[[paste0("fpc", k)]] <- as.numeric(d[[survey$fpc[k]]])
  if (!is.null(survey$weights)) rows$weight <- as.numeric(d[[survey$weights]])
  else if (length(survey$fpc) == 0) rows$weight <- 1
  for (column in domains) rows[[paste0("domain.", column)]] <- d[[column]]
  rows
}

columns_as_formula <- function(rows, start) {
  found <- grep(paste0("^", start, "[0-9]*$"), names(rows), value = TRUE)
  if (length(found) == 0) NULL else reformulate(found)
}

# Rates of all items in the rows `inside`, with their covariance. Each rate is a ratio of two
# totals, so an unanswered item leaves its own row out of that item, and no unit out of the design.
rates <- function(design, scores, inside) {
  valid <- !is.na(scores) & inside
  held <- colSums(valid) > 0
  points <- ifelse(valid, scores, 0)[, held, drop = FALSE]
  counted <- valid[, held, drop = FALSE] * 1
  items <- colnames(scores)[held]
  colnames(points) <- paste("points", items)
  colnames(counted) <- paste("counted", items)
  totals <- svytotal(cbind(points, counted), design)
  ratio <- function(item) {
    bquote(.(as.name(paste("points", item))) / .(as.name(paste("counted", item))))
  }
  svycontrast(totals, sapply(items, ratio))
}

# Weighted means of rates: the indices of a part, and their standard errors.
indices <- function(rate, part, weights) {
  rows <- lapply(weights, function(own) {
    full <- setNames(numeric(length(coef(rate))), names(coef(rate)))
    if (all(names(own) %in% names(full))) full[names(own)] <- own else full[] <- NA
    full
  })
  rows <- rows[!sapply(rows, anyNA)]
  found <- svycontrast(rate, rows)
  data.frame(part = part, label = names(rows), estimate = unname(coef(found)),
             se = unname(SE(found)), stringsAsFactors = FALSE)
}

# Weights of a part over the surveys it joins: after less before, for a change.
joined <- function(signs, codes) {
  sapply(codes, function(code) unlist(lapply(names(signs), function(name) {
    own <- signs[[name]] * surveys[[name]]$indices[[code]]
    setNames(own, paste(name, names(own)))
  })), simplify = FALSE)
}

blocks <- lapply(surveys, function(survey) scores_of(read_answers(survey$file), survey))
scores <- matrix(NA_real_, sum(sapply(blocks, nrow)), sum(sapply(blocks, ncol)))
colnames(scores) <- unlist(lapply(names(blocks), function(k) paste(k, colnames(blocks[[k]]))))
last <- c(row = 0, column = 0)
for (block in blocks) {
  scores[last["row"] + seq_len(nrow(block)), last["column"] + seq_len(ncol(block))] <- block
  last <- last + dim(block)
}

rows <- do.call(rbind, lapply(names(surveys), function(name) {
  design_rows(name, surveys[[name]], unique(c(by, names(shares))), apart)
}))
design <- svydesign(ids = columns_as_formula(rows, "unit"),
                    strata = columns_as_formula(rows, "stratum"),
                    weights = columns_as_formula(rows, "weight"),
                    fpc = columns_as_formula(rows, "fpc"), data = rows)

groups <- if (length(by)) unique(na.omit(rows[paste0("domain.", by)])) else data.frame(all = TRUE)
made <- list()
for (k in seq_len(nrow(groups))) {
  inside <- rep(TRUE, nrow(rows))
  for (column in by) inside <- inside & rows[[paste0("domain.", column)]] %in%
      groups[k, paste0("domain.", column)]
  rate <- rates(design, scores, inside)
  for (part in names(parts)) {
    found <- indices(rate, part, joined(parts[[part]]$signs, parts[[part]]$codes))
    if (length(by)) found$label <- paste(found$label, paste(groups[k, ], collapse = " | "),
                                         sep = " | ")
    made <- c(made, list(found))
  }
}

# Weighted by group: every item becomes one item a group.
if (!is.null(shares)) {
  column <- rows[[paste0("domain.", names(shares))]]
  share <- shares[[1]] / sum(shares[[1]])
  wide <- do.call(cbind, lapply(names(share), function(group) {
    own <- scores
    own[!(column %in% group), ] <- NA
    colnames(own) <- paste(group, colnames(scores))
    own
  }))
  rate <- rates(design, wide, TRUE)
  spread <- function(own) unlist(lapply(names(share), function(group) {
    setNames(share[[group]] * own, paste(group, names(own)))
  }))
  for (part in names(weighted_parts)) {
    plain <- joined(weighted_parts[[part]]$signs, weighted_parts[[part]]$codes)
    made <- c(made, list(indices(rate, part, lapply(plain, spread))))
  }
}
made <- do.call(rbind, made)
